import type { BuiltFile } from './script-tag-build.js';

/** A tag's address in the sources, as the development server has it, and what follows it there. */
const ADDRESS = /(src|href)="\.\/(call\.css|call\.ts|\.\.\/cdn\.ts)"/g;

/** Gives the page of a link that calls the files of the build, with their hashes. */
export function fillCallPage(html: string, files: readonly BuiltFile[]): string {
  const find = (part: string, type: string) =>
    files.find((file) => file.part === part && file.name.endsWith(`.${type}`))!;
  const by: Readonly<Record<string, BuiltFile>> = {
    'call.css': find('call-page', 'css'),
    'call.ts': find('call-page', 'js'),
    '../cdn.ts': find('entry', 'js'),
  };
  return html.replace(ADDRESS, (_, attribute: string, source: string) => {
    const { name, integrity } = by[source]!;
    return `${attribute}="${name}" integrity="${integrity}" crossorigin`;
  });
}
