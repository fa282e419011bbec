<?php
// Sets the site up as WordPress's own form would, and prints its release. Passwords come by the environment.

$config = file_get_contents(getcwd() . '/wp-config.php');
preg_match("/'DB_HOST', 'localhost:(.*)'/", $config, $found);
$database = new mysqli('localhost', 'root', '', '', 0, $found[1]);
$database->query('CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4');
$database->close();

define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1';
require getcwd() . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

// A mail to the new administrator would find no server.
function wp_new_blog_notification(): void
{
}

wp_install('Duka', 'amina', 'amina@shop.example', true, '', getenv('ADMIN_PASSWORD'));
$editor = wp_create_user('juma', getenv('EDITOR_PASSWORD'), 'juma@shop.example');
(new WP_User($editor))->set_role('editor');
// Its e-mail address is asked for again every half year, in front of everything else.
update_option('admin_email_lifespan', time() + YEAR_IN_SECONDS);
$theme = current(array_filter(['twentytwentythree', 'twentytwentyfour', 'twentytwentyfive'], fn ($name) => wp_get_theme($name)->exists()));
if ($theme) {
    switch_theme($theme);
}
global $wp_rewrite;
$wp_rewrite->set_permalink_structure('/%postname%/');
$wp_rewrite->flush_rules(false);
echo $GLOBALS['wp_version'];
