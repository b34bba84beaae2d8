/** Whether characters are bytes: Debian's and busybox's images have no locale set; Alpine's C library knows UTF-8 alone. */
import type { ProcessHost } from '../process.js';

export function isBytewise(os: ProcessHost['os'], value: (name: string) => string | undefined): boolean {
  if (os === 'alpine') return false;
  const locale = [value('LC_ALL'), value('LC_CTYPE'), value('LANG')].find((one) => one !== undefined && one !== '') ?? 'C';
  return !/utf-?8/i.test(locale);
}
