/** In which language to speak. */
import { PodsimError } from '../context.js';
import type { Lang } from './scenario.js';

/** `--lang`, or what the session was begun with, or the locale's (POSIX: LC_ALL before LC_MESSAGES before LANG). */
export function languageOf(flag: string | undefined, kept: Lang | undefined, env: Readonly<Record<string, string | undefined>>): Lang {
  if (flag !== undefined) return language(flag);
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG'].map((name) => env[name] ?? '').find((value) => value !== '') ?? '';
  return kept ?? (/^ko\b|^ko_/i.test(locale) ? 'ko' : 'en');
}

/** Throws PodsimError for any other word. */
export function language(text: string): Lang {
  if (text !== 'en' && text !== 'ko') throw new PodsimError(`invalid argument ${JSON.stringify(text)} for "--lang": must be en or ko`);
  return text;
}
