/** /etc/passwd and /etc/group of images: the accounts of each family's base image, and the image's own user. */
import type { ImageData } from './image.js';
import { isGnu, type Os } from './userland.js';

/** `name:uid:gid:home`, as debian:12, alpine:3 and busybox:1.36 have them. */
const USERS: Readonly<Record<'gnu' | 'alpine' | 'busybox', string>> = {
  gnu: 'daemon:1:1:/usr/sbin bin:2:2:/bin sys:3:3:/dev sync:4:65534:/bin games:5:60:/usr/games man:6:12:/var/cache/man lp:7:7:/var/spool/lpd mail:8:8:/var/mail news:9:9:/var/spool/news uucp:10:10:/var/spool/uucp proxy:13:13:/bin www-data:33:33:/var/www backup:34:34:/var/backups list:38:38:/var/list irc:39:39:/run/ircd _apt:42:65534:/nonexistent nobody:65534:65534:/nonexistent',
  alpine:
    'bin:1:1:/bin daemon:2:2:/sbin lp:4:7:/var/spool/lpd sync:5:0:/sbin shutdown:6:0:/sbin halt:7:0:/sbin mail:8:12:/var/mail news:9:13:/usr/lib/news uucp:10:14:/var/spool/uucppublic cron:16:16:/var/spool/cron ftp:21:21:/var/lib/ftp sshd:22:22:/dev/null games:35:35:/usr/games ntp:123:123:/var/empty guest:405:100:/dev/null nobody:65534:65534:/',
  busybox:
    'daemon:1:1:/usr/sbin bin:2:2:/bin sys:3:3:/dev sync:4:100:/bin mail:8:8:/var/spool/mail www-data:33:33:/var/www operator:37:37:/var nobody:65534:65534:/home',
};

const GROUPS: Readonly<Record<'gnu' | 'alpine' | 'busybox', string>> = {
  gnu: 'daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534',
  alpine:
    'bin:1 daemon:2 sys:3 adm:4 tty:5 disk:6 lp:7 kmem:9 wheel:10 floppy:11 mail:12 news:13 uucp:14 cron:16 audio:18 cdrom:19 dialout:20 ftp:21 sshd:22 input:23 tape:26 video:27 netdev:28 kvm:34 games:35 shadow:42 www-data:82 users:100 ntp:123 abuild:300 utmp:406 ping:999 nogroup:65533 nobody:65534',
  busybox:
    'daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 kmem:9 wheel:10 cdrom:11 dialout:18 floppy:19 video:28 audio:29 tape:32 www-data:33 operator:37 utmp:43 plugdev:46 staff:50 lock:54 netdev:82 users:100 nobody:65534',
};

const familyOf = (os: Os): 'gnu' | 'alpine' | 'busybox' => (isGnu(os) ? 'gnu' : os === 'alpine' ? 'alpine' : 'busybox');
const isName = (user: string | undefined): user is string => user !== undefined && /^[a-z]/.test(user);
const userName = (image: ImageData | undefined): string | undefined => image?.user?.split(':')[0];

export function passwd(image: ImageData | undefined, os: Os): string {
  const user = userName(image);
  const server = image?.started?.account;
  if (os === 'none' && !isName(user)) return 'root:x:0:0:root:/root:/sbin/nologin\n';
  const shell = isGnu(os) ? '/bin/bash' : '/bin/sh';
  const nologin = isGnu(os) ? '/usr/sbin/nologin' : os === 'alpine' ? '/sbin/nologin' : '/bin/false';
  const known = USERS[familyOf(os)].split(' ').map((entry) => {
    const [name, uid, gid, home] = entry.split(':');
    return `${name}:x:${uid}:${gid}:${name}:${home}:${nologin}\n`;
  });
  const isKnown = known.some((line) => line.startsWith(`${user}:`));
  const own = isName(user) && !isKnown ? `${user}:x:${image?.uid ?? 1000}:${image?.gid ?? image?.uid ?? 1000}:${user}:/home/${user}:${shell}\n` : '';
  const its = server === undefined ? '' : `${server.name}:x:${server.uid}:${server.gid ?? server.uid}::/home/${server.name}:${shell}\n`;
  return `root:x:0:0:root:/root:${shell}\n${known.join('')}${own}${its}`;
}

export function group(image: ImageData | undefined, os: Os): string {
  const user = userName(image);
  const known = os === 'none' ? [] : GROUPS[familyOf(os)].split(' ').map((entry) => `${entry.replace(':', ':x:')}:\n`);
  const isKnown = known.some((line) => line.startsWith(`${user}:`));
  const own = isName(user) && image?.gid !== undefined && !isKnown ? `${user}:x:${image.gid}:\n` : '';
  const server = image?.started?.account;
  const its = server === undefined ? '' : `${server.name}:x:${server.gid ?? server.uid}:\n`;
  return `root:x:0:\n${known.join('')}${own}${its}`;
}
