/** In which language podsim's own commands speak to a learner. */
import { PodsimError } from './context.js';

export type Language = 'en' | 'ko';

/** As gettext decides: LC_ALL, else LC_MESSAGES, else LANG. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^ko(?:[_.@-]|$)/i.test(locale) ? 'ko' : 'en';
}

/** What `--lang` says; undefined: nothing. Throws PodsimError for any other word. */
export function languageGiven(flag: string | undefined): Language | undefined {
  const language = flag?.replace(/^=/, '');
  if (language === undefined || language === 'en' || language === 'ko') return language;
  throw new PodsimError(`invalid argument ${JSON.stringify(language)} for "--lang": must be en or ko`);
}
