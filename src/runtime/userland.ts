/** Which programs images of one family have. What they do is the shell's affair. */
import type { ImageData } from './image.js';

export type Os = NonNullable<ImageData['os']>;

const BASE =
  'sh cat chgrp chmod chown cp date dd df dirname basename du echo env expr false find free grep egrep head hostname id kill ln ls md5sum mkdir mkfifo mktemp mv nice nohup printenv printf ps pwd readlink realpath rm rmdir sed seq sha256sum sleep sort stat sync tail tee test [ timeout touch tr true uname uniq wc which whoami xargs yes cut awk tar gzip gunzip base64 mount umount';
const GNU = `${BASE} bash dash shuf nproc sha1sum cksum comm join paste fold split tac nl od truncate getent su`;
const PROGRAMS: Readonly<Record<Os, ReadonlySet<string>>> = {
  none: new Set(),
  busybox: words(
    `${BASE} ash busybox vi wget nc nslookup ping top telnet traceroute killall pidof httpd less more watch ip ifconfig netstat route adduser passwd login shuf usleep clear`,
  ),
  alpine: words(
    `${BASE} ash busybox vi wget nc nslookup ping top traceroute killall pidof less more watch ip ifconfig netstat route adduser apk shuf usleep clear`,
  ),
  debian: words(`${GNU} apt apt-get dpkg`),
  ubuntu: words(`${GNU} apt apt-get dpkg`),
  redhat: words(`${GNU} yum dnf rpm microdnf`),
};

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

export const osOf = (image: ImageData | undefined): Os => image?.os ?? 'debian';
export const isGnu = (os: Os): boolean => os === 'debian' || os === 'ubuntu' || os === 'redhat';
export const familyPrograms = (os: Os): ReadonlySet<string> => PROGRAMS[os];

/** Whether the image has a program of that name. */
export function hasProgram(image: ImageData | undefined, name: string): boolean {
  if (image === undefined || image.programs === '*') return true;
  const base = name.slice(name.lastIndexOf('/') + 1);
  return PROGRAMS[osOf(image)].has(base) || image.programs?.includes(base) === true || mainsOf(image).includes(base);
}

/** Base names of the programs that are the image's own server or job. */
export function mainsOf(image: ImageData): readonly string[] {
  if (image.mains !== undefined) return image.mains;
  const first = [image.entrypoint?.[0], image.cmd?.[0]].filter((word) => word !== undefined);
  return first.map((word) => word.slice(word.lastIndexOf('/') + 1)).filter((word) => !WRAPPERS.has(word));
}
const WRAPPERS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'tini', 'dumb-init', 'env', 'catatonit']);

/** What stands for the entrypoint of an image nobody describes. */
export const ENTRYPOINT = '/entrypoint';
