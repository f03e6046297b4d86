"""Updates in, messages out: none lost, none twice, whatever breaks between."""
