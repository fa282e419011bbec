"""Token endpoint for <sautikit-call-button>, with FastAPI and PyJWT.

uvicorn token_endpoint:app --no-proxy-headers
(behind a proxy of yours: --proxy-headers --forwarded-allow-ips <its address>)
"""

import hashlib
import json
import os
import secrets
import time
import urllib.error
import urllib.request

import jwt
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

LINES = {"sales", "support"}  # names only: numbers stand in the configuration of the hook
ORIGINS = set(os.environ["ALLOWED_ORIGINS"].split())  # such as https://shop.example
LIFETIME = 300  # seconds
BODY_LIMIT = 4096  # bytes

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


class Refusal(Exception):
    def __init__(self, status, body):
        self.status, self.body = status, body


@app.api_route("/api/sip-token", methods=["POST", "OPTIONS", "GET", "HEAD", "PUT", "PATCH", "DELETE"])
async def token_endpoint(request: Request) -> Response:
    headers = {"Cache-Control": "no-store", "Vary": "Origin"}
    try:
        origin = request.headers.get("origin")
        if origin not in ORIGINS:  # whole origins, by equality
            raise Refusal(403, {"error": "token-denied"})
        headers["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS":
            allowed = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type"}
            return Response(status_code=204, headers=headers | allowed)
        if request.method != "POST":
            headers["Allow"] = "POST, OPTIONS"
            raise Refusal(405, {"error": "method-not-allowed"})
        wish = await read_wish(request)
        grant = await run_in_threadpool(make_grant, wish, origin, request.client.host)
        return JSONResponse(grant, headers=headers)
    except Refusal as refusal:
        return JSONResponse(refusal.body, refusal.status, headers)


async def read_wish(request):
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise Refusal(413, {"error": "bad-request"})
    try:
        wish = json.loads(body or "{}")
    except (ValueError, RecursionError):
        raise Refusal(400, {"error": "bad-request"})
    if not isinstance(wish, dict) or not isinstance(wish.get("line"), (str, type(None))):
        raise Refusal(400, {"error": "bad-request"})
    if wish.get("line") not in LINES:
        raise Refusal(404, {"error": "not-found"})
    return wish


def make_grant(wish, origin, remote_ip):
    now, sid, sub = int(time.time()), secrets.token_hex(16), secrets.token_hex(16)
    # Opaque ids only: everybody who holds a JWT can read it.
    claims = {"iss": "shop", "sub": sub, "iat": now, "exp": now + LIFETIME, "jti": secrets.token_hex(16), "sid": sid}
    token = jwt.encode(claims, os.environ["SIGNING_KEY"], algorithm="HS256")
    tell_hook(
        {
            "event_id": secrets.token_hex(16),
            "token_sha256": hashlib.sha256(token.encode()).hexdigest(),
            "line": wish["line"],
            "origin": origin,
            "sid": sid,
            "sub": sub,
            "expires_in": LIFETIME,
            "remote_ip": remote_ip,
            "challenge": wish.get("challenge"),
        }
    )
    sip_uri = f"sip:{sub}@{os.environ['SIP_DOMAIN']}"
    return {"token": token, "expires_in": LIFETIME, "gateway_url": os.environ["GATEWAY_URL"], "sip_uri": sip_uri}


def tell_hook(record):
    """The gateway will ask the hook what this token is good for; limits are the hook's too, and so is their refusal."""
    headers = {"Authorization": f"Bearer {os.environ['HOOK_SECRET']}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{os.environ['HOOK_URL']}/grant", json.dumps(record).encode(), headers)
    try:
        urllib.request.urlopen(request, timeout=2).close()
    except urllib.error.HTTPError as error:
        if error.code in (403, 404, 429, 503):
            raise Refusal(error.code, json.load(error))
        raise Refusal(502, {"error": "server-error"})
    except OSError:
        raise Refusal(502, {"error": "server-error"})
