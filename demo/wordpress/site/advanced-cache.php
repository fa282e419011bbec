<?php
// A page cache, as a drop-in of WordPress: what an anonymous visitor was shown is shown to the next one, without WordPress.
// It goes by what page caches agreed on: GET only, nobody who is signed in, nothing that says DONOTCACHEPAGE or no-store.

$visitor = !preg_grep('/^(?:wordpress_|wp-)/', array_keys($_COOKIE));
$admin = preg_match('#^/wp-(?:admin|login|cron)#', $_SERVER['REQUEST_URI'] ?? '/wp-admin');
if (($_SERVER['REQUEST_METHOD'] ?? '') === 'GET' && $visitor && !$admin) {
    $folder = WP_CONTENT_DIR . '/cache/pages';
    $kept = $folder . '/' . sha1($_SERVER['HTTP_HOST'] . $_SERVER['REQUEST_URI']);
    if (is_file($kept)) {
        [$headers, $page] = unserialize(file_get_contents($kept), ['allowed_classes' => false]);
        array_map('header', $headers);
        header('X-Page-Cache: hit');
        exit($page);
    }
    ob_start(static function (string $page) use ($folder, $kept): string {
        $headers = headers_list();
        $forbidden = defined('DONOTCACHEPAGE') || preg_grep('/^(?:Set-Cookie|Cache-Control:.*no-(?:store|cache))/i', $headers);
        if (http_response_code() === 200 && !$forbidden && $page !== '') {
            is_dir($folder) || mkdir($folder, 0777, true);
            file_put_contents($kept, serialize([$headers, $page]), LOCK_EX);
        }
        return $page;
    });
}
