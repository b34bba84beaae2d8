/** What happened, as a list to read: repetitions folded, conditions that flip together in one line. */
import { seconds, type Time } from '../../api/time.js';
import { offsetText } from './axis.js';
import type { Mark, PodTimeline } from './model.js';

export interface Listed {
  readonly mark: Mark;
  /** It stands for so many, the last of them at `last`. */
  readonly count: number;
  readonly last?: Time;
  /** The container's name, where it says something that the message does not; and how often. */
  readonly text: string;
}

/** `isWhole`: each by itself. */
export function listingOf(timeline: PodTimeline, marks: readonly Mark[], isWhole: boolean): readonly Listed[] {
  const joined = isWhole ? marks : together(marks);
  const listed = isWhole ? joined.map((mark) => ({ mark, count: mark.count ?? 1, last: mark.last })) : condensed(joined);
  return listed.map(({ mark, count, last }) => {
    const times = count > 1 ? ` (x${count}${last === undefined || last === mark.at ? '' : `, last ${stamp(timeline, last)}`})` : '';
    const where = mark.container === undefined || mark.message.includes(mark.container) ? '' : `${mark.container}: `;
    return { mark, count, ...(last === undefined ? {} : { last }), text: `${where}${mark.message}${times}` };
  });
}

/** `+4.3s`, `+10m2s`, `~9s`: tenths as long as they matter. */
export function stamp({ from }: PodTimeline, at: Time, isApproximate?: boolean): string {
  const offset = at - from;
  return `${isApproximate === true ? '~' : '+'}${offsetText(offset < seconds(60) ? Math.round(offset / 100) * 100 : Math.round(offset / 1000) * 1000)}`;
}

const CONDITION = /^condition (\S+) is (\w+)(.*)$/s;

/** Conditions that come to the same at the same instant. */
export function together(marks: readonly Mark[]): readonly Mark[] {
  const joined: Mark[] = [];
  for (const mark of marks) {
    const before = joined.at(-1);
    const now = CONDITION.exec(mark.message);
    const then = before === undefined ? null : /^conditions? (.+?) (?:is|are) (\w+)(.*)$/s.exec(before.message);
    const isSame = before?.kind === 'condition' && mark.kind === 'condition' && before.at === mark.at && before.component === mark.component;
    if (isSame && now !== null && then !== null && now[2] === then[2] && now[3] === then[3])
      joined[joined.length - 1] = { ...before, reason: mark.reason, message: `conditions ${then[1]}, ${now[1]} are ${now[2]}${now[3]}` };
    else joined.push(mark);
  }
  return joined;
}

/** What comes again and again is listed when it first came, with how often and until when. */
function condensed(marks: readonly Mark[]): readonly { readonly mark: Mark; readonly count: number; readonly last: Time | undefined }[] {
  const keyOf = ({ kind, component, reason, container, message }: Mark): string => JSON.stringify([kind, component, reason, container, message]);
  const groups = new Map<string, Mark[]>();
  for (const mark of marks) groups.set(keyOf(mark), [...(groups.get(keyOf(mark)) ?? []), mark]);
  return marks.flatMap((mark) => {
    const group = groups.get(keyOf(mark)) as Mark[];
    if (group.length <= 2) return [{ mark, count: mark.count ?? 1, last: mark.last }];
    if (group[0] !== mark) return [];
    const end = group.at(-1) as Mark;
    return [{ mark, count: group.reduce((sum, { count = 1 }) => sum + count, 0), last: end.last ?? end.at }];
  });
}
