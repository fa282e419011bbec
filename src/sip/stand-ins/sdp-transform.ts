/** A media section as JsSIP sees it: it reads and sets directions, to tell hold from talk, and nothing else. */
interface Section {
  type: string;
  direction: string | undefined;
  lines: string[];
}

interface Description {
  direction: string | undefined;
  lines: string[];
  media: Section[];
}

const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)$/;

/** What JsSIP gets instead of the package `sdp-transform`: directions are read and written, other lines pass untouched. */
export function parse(sdp: string): Description {
  const description: Description = { direction: undefined, lines: [], media: [] };
  let section: Section | Description = description;
  for (const line of sdp.split(/\r?\n/)) {
    const media = /^m=(\S+)/.exec(line);
    if (media) description.media.push((section = { type: media[1]!, direction: undefined, lines: [] }));
    const direction = DIRECTION.exec(line);
    if (direction) section.direction = direction[1];
    else if (line) section.lines.push(line);
  }
  return description;
}

export function write(description: Description): string {
  const sections = [description, ...description.media];
  return sections
    .flatMap(({ lines, direction }) => (direction ? [...lines, `a=${direction}`] : lines))
    .map((line) => `${line}\r\n`)
    .join('');
}

export default { parse, write };
