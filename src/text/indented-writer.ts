/** Indented lines over a tab writer: the PrefixWriter of kubectl's describers (pkg/describe). Has the form of api's IndentedWriter. */
import { escapeTerminal } from './escape.js';
import { DESCRIBE_TABS, TabWriter } from './tabwriter.js';

export interface TextIndentedWriter {
  write(level: number, text: string): void;
  line(level: number, text: string): void;
  flush(): void;
  /** Flushes; all that was written so far. */
  text(): string;
}

/** Two spaces a level; columns of width 0 and more, padded by 2. */
export function indentedWriter(): TextIndentedWriter {
  let out = '';
  const tabs = new TabWriter((part) => {
    out += part;
  }, DESCRIBE_TABS);
  const write = (level: number, text: string) => tabs.write(escapeTerminal('  '.repeat(level) + text));
  return {
    write,
    line: (level, text) => write(level, `${text}\n`),
    flush: () => tabs.flush(),
    text: () => {
      tabs.flush();
      return out;
    },
  };
}
