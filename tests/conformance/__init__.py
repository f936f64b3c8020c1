"""What proxies that mirror are tested for, and what their bug lists demand, over real sockets."""
