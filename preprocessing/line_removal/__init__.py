"""Lines that are printed on the paper -> out of the ink."""
