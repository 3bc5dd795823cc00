"""What leads, managers and administrators see in a browser: pages made on the server, the same verbs as in the chat."""
