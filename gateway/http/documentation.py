"""Interactive documentation without the internet: Swagger UI from files beside this one."""

from __future__ import annotations

from pathlib import Path

from gateway.http.incoming import Request
from gateway.http.outgoing import Answer
from gateway.http.routes import Endpoint, own_endpoint

FILES = Path(__file__).parent / "swagger_ui"
SECURITY = [
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        b"frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
GZIP = (b"content-encoding", b"gzip")
CACHED = (b"cache-control", b"public, max-age=3600")

PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Steward API</title>
<link rel="icon" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = b"""SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#reference", deepLinking: true, docExpansion: "none",
  persistAuthorization: false, validatorUrl: null, displayRequestDuration: true, filter: true,
  requestSnippetsEnabled: true, tryItOutEnabled: true, operationsSorter: "alpha",
});
"""


class Documentation:
    """`/` leads to `/docs`, which shows `/openapi.json`."""

    def __init__(self) -> None:
        html, script, css, png = (
            (b"content-type", media_type)
            for media_type in (
                b"text/html; charset=utf-8",
                b"text/javascript; charset=utf-8",
                b"text/css; charset=utf-8",
                b"image/png",
            )
        )
        bundle, style, icon = (
            (FILES / name).read_bytes()
            for name in ("swagger-ui-bundle.js.gz", "swagger-ui.css.gz", "favicon-32x32.png")
        )
        self._pages = {
            "/docs": Answer(200, [html, *SECURITY], PAGE),
            "/docs/start.js": Answer(200, [script, CACHED], START),
            "/docs/swagger-ui-bundle.js": Answer(200, [script, GZIP, CACHED], bundle),
            "/docs/swagger-ui.css": Answer(200, [css, GZIP, CACHED], style),
            "/docs/favicon.png": Answer(200, [png, CACHED], icon),
            "/": Answer(307, [(b"location", b"/docs")], b""),
        }

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served here."""
        return [own_endpoint("GET", path, self.get) for path in self._pages]

    async def get(self, request: Request) -> Answer:
        """A page, as it lies in memory."""
        return self._pages[request.raw_path.decode()]
