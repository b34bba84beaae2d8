/**
 * The table of commands: test/twin/commands/*.txt, a command a line, without `kubectl`. Words are quoted as in a shell;
 * `< file` is standard input; `;;` separates the steps of a story, which see what the steps before have done; `[[a|b]]` stands for
 * several commands, one with each.
 */

export interface Step {
  readonly args: readonly string[];
  /** What stands before the command: NAME=value. */
  readonly env: Readonly<Record<string, string>>;
  /** A file below test/twin/files. */
  readonly stdin?: string;
  /** It may change the cluster or files. */
  readonly changes: boolean;
  /** It counts ages on the client's clock. */
  readonly now: boolean;
}

export interface Case {
  /** As it stands in the table. */
  readonly line: string;
  readonly steps: readonly Step[];
}

/** diff is none of them: its dry runs draw uids and addresses. */
const READS: ReadonlySet<string> = new Set(
  'get describe explain api-resources api-versions events logs version cluster-info top options help completion kustomize plugin'.split(' '),
);

export function parseCases(text: string): readonly Case[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .flatMap(expand)
    .map((line) => ({ line, steps: line.split(' ;; ').map(parseStep) }));
}

function expand(line: string): readonly string[] {
  const match = /\[\[(.*?)\]\]/.exec(line);
  if (match === null) return [line];
  return (match[1] as string).split('|').flatMap((one) => expand(line.slice(0, match.index) + one + line.slice(match.index + match[0].length)));
}

function parseStep(text: string): Step {
  const all = shellWords(text);
  const start = all.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const env = Object.fromEntries(all.slice(0, start).map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const words = all.slice(start);
  const at = words.indexOf('<');
  const args = at < 0 ? words : words.slice(0, at);
  const verb = args.find((word) => !word.startsWith('-')) ?? '';
  const sub = args[args.indexOf(verb) + 1] ?? '';
  const isRead =
    READS.has(verb) ||
    args.includes('--help') ||
    args.includes('-h') ||
    (verb === 'rollout' && (sub === 'history' || sub === '')) ||
    (verb === 'auth' && ['can-i', 'whoami'].includes(sub)) ||
    (verb === 'config' && ['view', 'get-contexts', 'get-clusters', 'get-users', 'current-context'].includes(sub));
  const isWatch = args.some((word) => ['-w', '--watch', '--watch-only', '-f', '--follow'].includes(word)) && (verb === 'get' || verb === 'logs');
  const now = verb === 'describe' || verb === 'events' || args.includes('--server-print=false') || (verb === 'get' && args.includes('--raw'));
  return { args, env, changes: !isRead || isWatch, now: now && isRead, ...(at < 0 ? {} : { stdin: words[at + 1] as string }) };
}

/** Quotes and backslashes as in sh; `$'\n'` is not known. */
export function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quote === "'") {
      if (char === "'") quote = '';
      else word += char;
    } else if (char === '\\' && (quote === '' || /["\\$`]/.test(text[i + 1] ?? ''))) word = (word ?? '') + (text[++i] ?? '');
    else if (quote === '"') {
      if (char === '"') quote = '';
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else if (char === ' ') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Whether this is a help page: our prose is our own. */
export const isHelp = (text: string): boolean => /^(Usage:|Available Commands:|The following options|Every command takes)/m.test(text);

/** What of a help page is not prose: the usage line, the commands, and each flag with its short form and default (whose look tells the type). */
export function helpFacts(text: string): string {
  const lines = text.split('\n');
  const flags = lines.filter((line) => /^ {4,}(-\w, |\s{4})?--[\w-]+=.*:$/.test(line) || /^\s+(-\w, )?--[\w-]+=.*:$/.test(line)).map((line) => line.trim());
  const usage = lines.flatMap((line, i) => (line === 'Usage:' ? [(lines[i + 1] ?? '').trim()] : []));
  const aliases = lines.flatMap((line, i) => (line === 'Aliases:' ? [(lines[i + 1] ?? '').trim()] : []));
  const titles = lines.flatMap((line, i) => (/^\S.*Commands.*:$/.test(line) ? [i] : []));
  const commands = titles.flatMap((at) => {
    const section = lines.slice(at + 1, at + 1 + lines.slice(at + 1).indexOf(''));
    return section.map((line) => line.trim().split(' ')[0] as string);
  });
  return [...usage, ...aliases, ...commands, ...flags].join('\n');
}
