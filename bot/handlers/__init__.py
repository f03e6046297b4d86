"""The handlers of updates, one module per topic; `handlers(services)` returns those of one."""
