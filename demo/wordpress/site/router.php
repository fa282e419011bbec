<?php
// PHP's own server as the web server of a WordPress: files as they are, everything else to index.php.

$path = (string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$file = realpath($_SERVER['DOCUMENT_ROOT'] . urldecode($path));
if ($file !== false && is_dir($file) && is_file("$file/index.php") && $path !== '/') {
    // A folder of scripts, such as /wp-admin/.
    $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = rtrim($path, '/') . '/index.php';
    $_SERVER['SCRIPT_FILENAME'] = "$file/index.php";
    chdir($file);
    require "$file/index.php";
    return true;
}
if ($file !== false && is_file($file)) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $_SERVER['DOCUMENT_ROOT'] . '/index.php';
chdir($_SERVER['DOCUMENT_ROOT']);
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
