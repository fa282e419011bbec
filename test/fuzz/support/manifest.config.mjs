/** The element's manifest for a fuzz: nothing for editors, and no word in package.json. */
export default { globs: ['src/element/call-button.ts'], litelement: true, packagejson: false, quiet: true };
