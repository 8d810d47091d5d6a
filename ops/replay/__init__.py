"""`make replay KIND=… FILE=…`: plays recorded files through the gateway, a room for each kind."""
