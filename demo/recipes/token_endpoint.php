<?php
// Token endpoint for <sautikit-call-button>, in plain PHP.

declare(strict_types=1);

ini_set('display_errors', '0');
header_remove('X-Powered-By');
set_exception_handler(fn () => answer(500, ['error' => 'server-error']));

const LINES = ['sales', 'support']; // names only: numbers stand in the configuration of the hook
const LIFETIME = 300; // seconds
const BODY_LIMIT = 4096; // bytes

header('Cache-Control: no-store');
header('Vary: Origin');
$origin = $_SERVER['HTTP_ORIGIN'] ?? '';
$allowed = explode(' ', setting('ALLOWED_ORIGINS')); // such as https://shop.example
if ($origin === '' || !in_array($origin, $allowed, true)) { // whole origins, by equality
    answer(403, ['error' => 'token-denied']);
}
header("Access-Control-Allow-Origin: $origin");
if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') {
    header('Access-Control-Allow-Methods: POST');
    header('Access-Control-Allow-Headers: Content-Type');
    http_response_code(204);
    exit;
}
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    header('Allow: POST, OPTIONS');
    answer(405, ['error' => 'method-not-allowed']);
}
// The other end of the socket; behind a proxy of yours, what that proxy says, and nobody else.
answer(200, grant(readWish(), $origin, $_SERVER['REMOTE_ADDR']));

function readWish(): object
{
    $body = (string) file_get_contents('php://input', false, null, 0, BODY_LIMIT + 1);
    if (strlen($body) > BODY_LIMIT) {
        answer(413, ['error' => 'bad-request']);
    }
    $wish = json_decode($body === '' ? '{}' : $body, false, 16);
    if (!is_object($wish) || !is_string($wish->line ?? '') || !is_string($wish->renew ?? '')) {
        answer(400, ['error' => 'bad-request']);
    }
    if (!in_array($wish->line ?? null, LINES, true)) {
        answer(404, ['error' => 'not-found']);
    }
    return $wish;
}

function grant(object $wish, string $origin, string $remoteIp): array
{
    $now = time();
    $old = sessionOf($wish->renew ?? '');
    [$sid, $sub] = $old ? [$old->sid, $old->sub] : [randomId(), randomId()];
    // Opaque ids only: everybody who holds a JWT can read it.
    $claims = ['iss' => 'shop', 'sub' => $sub, 'iat' => $now, 'exp' => $now + LIFETIME];
    $token = sign($claims + ['jti' => randomId(), 'sid' => $sid]);
    $sipUri = "sip:$sub@" . setting('SIP_DOMAIN');
    $closed = tellHook([
        'event_id' => randomId(),
        'token_sha256' => hash('sha256', $token),
        'renew_sha256' => $old ? hash('sha256', $wish->renew) : null,
        'line' => $wish->line,
        'origin' => $origin,
        'sid' => $sid,
        'sub' => $sipUri,
        'expires_in' => LIFETIME,
        'remote_ip' => $remoteIp,
        'context' => $wish->context ?? null,
        'challenge' => $wish->challenge ?? null,
    ]);
    $gateway = setting('GATEWAY_URL');
    return $closed ?? ['token' => $token, 'expires_in' => LIFETIME, 'gateway_url' => $gateway, 'sip_uri' => $sipUri];
}

// The gateway asks the hook what a token is good for. Limits and opening hours are the hook's, and so is its no.
function tellHook(array $record): ?array
{
    $secret = setting('HOOK_SECRET');
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => "Content-Type: application/json\r\nAuthorization: Bearer $secret",
        'content' => json_encode($record),
        'timeout' => 2,
        'ignore_errors' => true,
    ]]);
    $said = json_decode((string) @file_get_contents(setting('HOOK_URL') . '/grant', false, $context), true);
    $status = (int) (explode(' ', $http_response_header[0] ?? '')[1] ?? 0);
    if ($status === 204) {
        return null;
    }
    if ($status === 200 && is_array($said)) { // the line is closed
        return $said;
    }
    $refused = in_array($status, [403, 404, 429, 503], true) && is_array($said);
    answer($refused ? $status : 502, $refused ? $said : ['error' => 'server-error']);
}

function sign(array $claims): string
{
    $signed = encode('{"alg":"HS256","typ":"JWT"}') . '.' . encode(json_encode($claims));
    return $signed . '.' . mac($signed);
}

// The claims of a token of ours that still lives: in a call its session goes on.
function sessionOf(string $token): ?object
{
    $parts = explode('.', $token);
    if (count($parts) !== 3 || !hash_equals(mac("$parts[0].$parts[1]"), $parts[2])) {
        return null;
    }
    $claims = json_decode(base64_decode(strtr($parts[1], '-_', '+/')));
    return $claims->exp > time() ? $claims : null;
}

function mac(string $signed): string
{
    return encode(hash_hmac('sha256', $signed, setting('SIGNING_KEY'), true));
}

function encode(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

function randomId(): string
{
    return bin2hex(random_bytes(16));
}

function setting(string $name): string
{
    return getenv($name) ?: throw new RuntimeException("$name is missing");
}

function answer(int $status, array $body): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($body, JSON_UNESCAPED_SLASHES);
    exit;
}
