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
    texts = isinstance(wish, dict) and all(isinstance(wish.get(name, ""), str) for name in ("line", "renew"))
    if not texts:
        raise Refusal(400, {"error": "bad-request"})
    if wish.get("line") not in LINES:
        raise Refusal(404, {"error": "not-found"})
    return wish


def make_grant(wish, origin, remote_ip):
    key, now = os.environ["SIGNING_KEY"], int(time.time())
    renewed = session_of(wish.get("renew"), key)
    sid, sub = renewed or (secrets.token_hex(16), secrets.token_hex(16))
    # Opaque ids only: everybody who holds a JWT can read it.
    claims = {"iss": "shop", "sub": sub, "iat": now, "exp": now + LIFETIME, "jti": secrets.token_hex(16), "sid": sid}
    token = jwt.encode(claims, key, algorithm="HS256")
    sip_uri = f"sip:{sub}@{os.environ['SIP_DOMAIN']}"
    record = {
        "event_id": secrets.token_hex(16),
        "token_sha256": sha256(token),
        "renew_sha256": sha256(wish["renew"]) if renewed else None,
        "line": wish["line"],
        "origin": origin,
        "sid": sid,
        "sub": sip_uri,
        "expires_in": LIFETIME,
        "remote_ip": remote_ip,
        "context": wish.get("context"),
        "challenge": wish.get("challenge"),
    }
    grant = {"token": token, "expires_in": LIFETIME, "gateway_url": os.environ["GATEWAY_URL"], "sip_uri": sip_uri}
    return tell_hook(record) or grant


def session_of(token, key):
    """The session of a token of ours that still lives: in a call it goes on."""
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], options={"require": ["exp", "sid", "sub"]})
        return claims["sid"], claims["sub"]
    except (jwt.PyJWTError, ValueError):
        return None


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def tell_hook(record):
    """The gateway asks the hook what a token is good for. Limits and opening hours are the hook's, and so is its no."""
    headers = {"Authorization": f"Bearer {os.environ['HOOK_SECRET']}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{os.environ['HOOK_URL']}/grant", json.dumps(record).encode(), headers)
    try:
        try:
            response = urllib.request.urlopen(request, timeout=2)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            status, said = response.status, None if response.status == 204 else json.load(response)
    except (OSError, ValueError):
        status, said = 502, None
    if status in (200, 204):  # 200: the line is closed; 204: the hook knows the token now
        return said
    if status in (403, 404, 429, 503):
        raise Refusal(status, said)
    raise Refusal(502, {"error": "server-error"})
