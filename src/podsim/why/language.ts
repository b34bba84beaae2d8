/** Which language to speak, as gettext decides: LC_ALL, else LC_MESSAGES, else LANG. */
import type { Language } from './rule.js';

export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^ko(?:[_.@-]|$)/i.test(locale) ? 'ko' : 'en';
}
