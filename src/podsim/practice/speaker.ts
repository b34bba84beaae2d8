/** All that printing needs: the streams, the language and its words, the layout. */
import type { IOStreams } from '../../kubectl/command.js';
import type { PodsimContext } from '../context.js';
import { type Language, languageGiven, languageOf } from '../language.js';
import { type Layout, layoutFor } from './layout.js';
import type { Text } from './scenario.js';
import { type Words, wordsIn } from './words.js';

export interface Speaker {
  readonly streams: IOStreams;
  readonly lang: Language;
  readonly words: Words;
  readonly layout: Layout;
  say(...lines: readonly string[]): void;
  text(text: Text): string;
}

export async function speakerFor(context: PodsimContext, flag: string | undefined, kept: Language | undefined): Promise<Speaker> {
  const lang = languageGiven(flag) ?? kept ?? languageOf(context.env);
  return {
    streams: context.streams,
    lang,
    words: wordsIn(lang),
    layout: await layoutFor(context),
    say: (...lines) => context.streams.out(lines.map((line) => `${line.trimEnd()}\n`).join('')),
    text: (text) => text[lang],
  };
}

/** A command of the data as one types it here: podsim is kubectl, and a real kubectl would go elsewhere. */
export const typed = (line: string): string => line.trim().replace(/^kubectl /, 'podsim ');

/** `4m12s`: whole seconds. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds % 60}s`;
}
