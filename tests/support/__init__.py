"""What several tests need: real servers, a recording shadow."""
