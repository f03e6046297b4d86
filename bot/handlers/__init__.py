"""One file per topic; each ends with `handlers(services)`, its table of handlers."""
