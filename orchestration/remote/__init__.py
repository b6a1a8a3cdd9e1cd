"""An inbox on another machine, mirrored into the home so that landing reads it like a local one.

``address`` understands the URL, ``store`` is what every kind of server can do, through fsspec; ``sftp`` and
``s3`` are the kinds, ``line`` keeps the connection and decides when to try again, ``survey`` tells what is
new, ``fetch`` brings it. Nothing here writes to the server, judges a file or knows what is in it.
"""
