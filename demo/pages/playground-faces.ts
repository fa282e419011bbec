import type { Face } from './faces.js';
import { make } from './playground-dom.js';

/** Where a face stands in the list; the first that fits. */
const GROUPS: readonly (readonly [string, (face: Face) => boolean])[] = [
  ['In the flow of the page', ({ attributes }) => attributes?.['panel'] === 'inline'],
  ['The button alone', ({ model }) => !model],
  ['What went wrong', ({ model }) => model?.state === 'failed'],
  ['In a call', ({ model }) => model?.state === 'active'],
  ['Afterwards', ({ model }) => model?.state === 'ending' || model?.state === 'ended'],
  ['Before somebody answers', () => true],
];

/** In the order of a call. */
const ORDER = [
  'The button alone',
  'Before somebody answers',
  'In a call',
  'Afterwards',
  'What went wrong',
  'In the flow of the page',
];

/** The faces as groups of options, with names that can be read. */
export function faceOptions(faces: Readonly<Record<string, Face>>): HTMLOptGroupElement[] {
  const groupOf = (face: Face) => GROUPS.find(([, fits]) => fits(face))![0];
  return ORDER.map((label) => {
    const names = Object.keys(faces).filter((name) => groupOf(faces[name]!) === label);
    return make('optgroup', { label }, ...names.map((name) => make('option', { value: name }, titleOf(name))));
  });
}

/** `failed-mic-denied` is "Failed: mic denied". */
function titleOf(name: string): string {
  const words = name.replace(/^(failed|idle|inline|quality)-/, '$1: ').replaceAll('-', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
}
