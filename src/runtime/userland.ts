/** Which programs images of one family have. What they do is the shell's affair. */
import type { ImageData } from './image.js';

export type Os = NonNullable<ImageData['os']>;

const BASE =
  'sh arch awk base64 basename cat chgrp chmod chown chroot cksum cmp comm cp cut date dd df diff dirname dmesg du echo egrep env expand expr factor fallocate false fgrep find flock fold getopt grep groups gunzip gzip head hostid hostname id install ionice link ln login logger logname ls lsblk md5sum mesg mkdir mkfifo mknod mktemp more mount mountpoint mv nice nl nohup nproc nsenter od paste pidof printenv printf pwd readlink realpath renice reset rm rmdir sed seq setsid sha1sum sha256sum sha512sum shred shuf sleep sort split stat stty su sum sync tac tail tar taskset tee test [ timeout touch tr true truncate tsort tty umount uname unexpand uniq unlink unshare wc which whoami xargs yes zcat';
/** What Debian's base image has besides: no ps, no free, no kill, no ping, no ip, no curl. */
const GNU = `${BASE} bash dash b2sum chrt clear csplit dir fmt getent iconv join ldd locale lscpu mawk numfmt passwd pathchk pinky pr ptx script sha224sum sha384sum stdbuf tput users vdir who xz`;
const DEBIAN = `${GNU} apt apt-cache apt-get debconf dpkg perl update-alternatives useradd groupadd`;
/** busybox's applets (defconfig of 1.36), as far as podsim or anybody knows them. */
const APPLETS = `${BASE} adduser addgroup arp arping ascii ash base32 bc blkid brctl bunzip2 busybox bzip2 cal chpasswd clear cpio crond crontab crc32 dc deluser delgroup dnsdomainname dos2unix ed ether-wake fdisk free freeramdisk fstrim fsync fuser hd hexdump hwclock ifconfig ifdown ifup inotifyd iostat ip ipaddr ipcalc ipcs iproute iprule ipneigh kill killall killall5 less losetup lsmod lsof lspci lsusb lzcat microcom mkpasswd modprobe mpstat nameif nc netcat netstat nmeter nologin nslookup patch pgrep ping ping6 pipe_progress pivot_root pkill pmap poweroff printenv ps pstree pwdx rdate rdev readahead reboot resize rev route run-parts scriptreplay sendmail setconsole setserial sha3sum sysctl time top traceroute traceroute6 tree udhcpc unix2dos unlzma unxz unzip uptime usleep uudecode uuencode vi vlock volname watch watchdog wget whois xxd xzcat`;
const PROGRAMS: Readonly<Record<Os, ReadonlySet<string>>> = {
  none: new Set(),
  busybox: words(`${APPLETS} ftpd ftpget ftpput getty halt httpd init last mail nanddump telnet telnetd tftp tftpd ts users w who`),
  alpine: words(`${APPLETS} apk getent iconv ldd ssl_client who`),
  debian: words(DEBIAN),
  ubuntu: words(`${DEBIAN} ps top free kill pgrep pkill uptime w watch vmstat`),
  redhat: words(`${GNU} curl dnf microdnf rpm yum`),
};

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const osOf = (image: ImageData | undefined): Os => image?.os ?? 'debian';
export const isGnu = (os: Os): boolean => os === 'debian' || os === 'ubuntu' || os === 'redhat';
export const familyPrograms = (os: Os): ReadonlySet<string> => PROGRAMS[os];

/** Whether the image has a program of that name. */
export function hasProgram(image: ImageData | undefined, name: string): boolean {
  if (image === undefined || image.programs === '*') return true;
  const base = baseOf(name);
  return PROGRAMS[osOf(image)].has(base) || image.programs?.some((word) => baseOf(word) === base) === true || mainsOf(image).includes(base);
}

/** Where programs lie. */
export const BINARIES: readonly string[] = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** Where package managers put what they install. */
export const INSTALLED = '/usr/bin';
const PACKAGED = words(
  'curl dig drill envsubst free gcc git host ip iperf3 jq kill make mtr nc ncat nmap nslookup openssl pgrep pidof ping pkill ps ss tcpdump top uptime vmstat watch wget',
);
/** Programs that images have from their distribution's packages. */
export const isPackaged = (name: string): boolean => PACKAGED.has(name);

/** Base names of the programs that are the image's own server or job. */
export function mainsOf(image: ImageData): readonly string[] {
  if (image.mains !== undefined) return image.mains;
  const first = [image.entrypoint?.[0], image.cmd?.[0]].filter((word) => word !== undefined);
  return first.map(baseOf).filter((word) => !WRAPPERS.has(word));
}
const WRAPPERS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'tini', 'dumb-init', 'env', 'catatonit']);

/** What stands for the entrypoint of an image nobody describes. */
export const ENTRYPOINT = '/entrypoint';
