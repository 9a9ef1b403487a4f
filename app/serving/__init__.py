"""What pages, API and command line share: the parts of a process, reads beside the event loop, results as JSON documents."""
