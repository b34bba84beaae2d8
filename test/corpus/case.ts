/**
 * A case of the corpus: a manifest, and in comments before it what a real one-node cluster shows of it, and when.
 *
 *     # What it is about, in a line or more.
 *     # 5s: pod web 1/1 Running 0
 *     # 60s 600s: logs web: hello\n
 *     # because: the reason for the lines before it, with its source.
 *
 * Lines that may follow the times:
 *
 *     pod NAME READY STATUS RESTARTS   a row of `get pods`; NAME may hold `*`; `x3` after it: that many rows match, all alike
 *     no pod NAME                      no such row
 *     row RESOURCE NAME CELL…          a row of `get RESOURCE`: its first columns, `*` skips, `_` stands for a blank
 *     no row RESOURCE NAME
 *     logs NAME [CONTAINER] [previous]: TEXT       whole text, `*` any characters, `\n` a line's end; also the words of a refusal
 *     event NAME REASON [xN|xN-M]: MESSAGE         one of the object's; its count
 *     no event NAME REASON
 *     field RESOURCE/NAME JSONPATH: TEXT
 *     refused KIND/NAME: MESSAGE       what creating that document answers; at `0s`
 *     do delete|patch|create …         no expectation but a deed: `delete pods/web`, `patch deployments.apps/web {…}` (as kubectl patch does), `create {…}`
 *
 * `# open: WHAT` before them: podsim does not do this yet; the case must fail until it does.
 *
 * STATUS, READY and RESTARTS may be choices (`Error|CrashLoopBackOff`), RESTARTS and counts ranges (`2-3`), where a real cluster's timing decides.
 */

export interface Line {
  /** In seconds, in order. */
  readonly at: number;
  readonly text: string;
  readonly because: string;
}

export interface Case {
  readonly about: string;
  readonly lines: readonly Line[];
  /** What podsim lacks for it. */
  readonly open?: string;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Throws when a line has no reason: an expectation nobody can check is worth nothing. */
export function readCase(file: string, text: string): Case {
  const about: string[] = [];
  const lines: Line[] = [];
  let open: string | undefined;
  let waiting: { readonly at: readonly number[]; readonly text: string }[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('#')) break;
    const [, times, what] = /^# ((?:\d+[smh] ?)+): (.*)$/.exec(line) ?? [];
    const [, because] = /^# because: (.+)$/.exec(line) ?? [];
    const [, missing] = /^# open: (.+)$/.exec(line) ?? [];
    if (missing !== undefined) open = missing;
    else if (times !== undefined && what !== undefined) waiting.push({ at: times.trim().split(' ').map(seconds), text: what });
    else if (because !== undefined) {
      if (waiting.length === 0) throw new Error(`${file}: a reason for nothing: ${because}`);
      lines.push(...waiting.flatMap(({ at, text }) => at.map((one) => ({ at: one, text, because }))));
      waiting = [];
    } else if (lines.length + waiting.length === 0) about.push(line.slice(2));
    else throw new Error(`${file}: unreadable: ${line}`);
  }
  if (waiting[0] !== undefined) throw new Error(`${file}: no reason: ${waiting[0].text}`);
  if (about.length === 0 || lines.length === 0) throw new Error(`${file}: says nothing`);
  return { about: about.join('\n'), lines: lines.sort((a, b) => a.at - b.at), ...(open === undefined ? {} : { open }) };
}

const seconds = (span: string): number => Number(span.slice(0, -1)) * (UNITS[span.slice(-1)] ?? Number.NaN);

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** `*` any characters, also none and also ends of lines. */
export const likeGlob = (pattern: string, text: string): boolean => new RegExp(`^${pattern.split('*').map(escaped).join('[^]*')}$`).test(text);

/** `Error|CrashLoopBackOff`, `1`, `2-3`. */
export const isOneOf = (choices: string, text: string): boolean =>
  choices.split('|').some((choice) => {
    const [, from, to] = /^(\d+)-(\d+)$/.exec(choice) ?? [];
    return from === undefined ? choice === text : Number(from) <= Number(text) && Number(text) <= Number(to);
  });
