/**
 * What a pull comes to: the catalogue's images, those of unknown organisations (they exist and run until stopped), and the
 * failures of containerd 2 in its own words (pull.go, remotes/docker/resolver.go), as behaviour.md §3 quotes them.
 */

import type { Image, PullResult } from '../api/cri.js';
import { type Duration, parseDuration } from '../api/time.js';
import { hexOf, spreadOf } from './identity.js';
import { type ImageData, sizeOf, UNKNOWN_USER } from './image.js';
import { isOfficial } from './official.js';
import type { Reference } from './reference.js';

/** What `podsim fault` and `podsim image fail` say about a registry or an image. */
export type RegistryFault = 'not-found' | 'auth' | 'timeout' | 'down';

export interface PullInput {
  /** The catalogue's entry for the reference's tag. */
  readonly data: ImageData | undefined;
  readonly hasTag: boolean;
  /** The node has it already. */
  readonly present: boolean;
  /** With credentials. */
  readonly auth: boolean;
  readonly fault: RegistryFault | undefined;
  /** Spreads times between nodes. */
  readonly salt: string;
  /** The same for the same reference, as long as the catalogue says the same of it. */
  imageOf(reference: Reference, data: ImageData | undefined, make: () => Image): Image;
}

const UNPACK = 'failed to pull and unpack image';
const ms = (n: number): Duration => Math.round(n) as Duration;

/** How fast a node's line is: bytes a millisecond; unpacking included. */
const BYTES_PER_MS = 36_000;

export function pullFrom(reference: Reference, given: PullInput): PullResult {
  const { data, hasTag, present, auth, fault, salt } = given;
  const spread = spreadOf(`pull/${salt}/${reference.normalized}`);
  const quick = ms(350 + spread * 500);
  const fail = (error: string, takes = quick): PullResult => ({ error, takes });
  const prefix = `${UNPACK} "${reference.normalized}": failed to resolve reference "${reference.normalized}": `;
  const head = `failed to do request: Head "${manifestUrl(reference)}": `;

  if (fault === 'timeout' || fault === 'down') return fail(`${prefix}${head}dial tcp ${registryAddress(reference)}: i/o timeout`, ms(30_000));
  if (fault === 'auth') return fail(prefix + DENIED, quick);
  if (fault === 'not-found') return fail(`rpc error: code = NotFound desc = ${prefix}${reference.normalized}: not found`);
  const host = reference.domain.replace(/:\d+$/, '');
  if (host === 'localhost' || host === '127.0.0.1') {
    const port = /:(\d+)$/.exec(reference.domain)?.[1] ?? '80';
    return fail(`${prefix}${head.replace('https:', 'http:')}dial tcp ${host === 'localhost' ? '[::1]' : host}:${port}: connect: connection refused`, ms(40));
  }
  if (!hostExists(host)) return fail(`${prefix}${head}dial tcp: lookup ${host}: no such host`, ms(60 + spread * 100));
  if (data === undefined) {
    if (isPrivate(host, reference.path) && !auth) return fail(prefix + unauthorized(host, reference.path), quick);
    if (reference.domain === 'docker.io' && reference.path.startsWith('library/') && !isOfficial(reference.familiar))
      return fail(prefix + DENIED, ms(900 + spread * 900));
    if (MADE_UP.test(reference.path)) return fail(prefix + DENIED, ms(900 + spread * 900));
  }
  if (reference.digest !== undefined && isMadeUp(reference.digest))
    return fail(`rpc error: code = NotFound desc = ${prefix}${reference.normalized}: not found`, ms(700 + spread * 700));
  if (data === undefined ? IMPOSSIBLE_TAG.test(reference.tag) || isOfficialTypo(reference) : !hasTag)
    return fail(`rpc error: code = NotFound desc = ${prefix}${reference.normalized}: not found`, ms(700 + spread * 700));

  const size = data === undefined ? unknownSize(reference) : sizeOf(data);
  const told = data?.pull === undefined ? undefined : parseDuration(data.pull);
  const takes = present ? quick : (told ?? ms(700 + size / BYTES_PER_MS + spread * 600));
  return { image: given.imageOf(reference, data, () => makeImage(reference, data, size)), takes };
}

/** The image as the runtime stores it. Its digests are made from the name: the real ones cannot be known here. */
function makeImage(reference: Reference, data: ImageData | undefined, size: number): Image {
  const seed = `${reference.repository}:${reference.tag}`;
  return {
    id: `sha256:${hexOf(`config/${seed}`)}`,
    repoDigest: `${reference.repository}@${reference.digest ?? `sha256:${hexOf(`manifest/${seed}`)}`}`,
    repoTags: reference.digest === undefined ? [reference.normalized] : [],
    size,
    user: data === undefined ? String(UNKNOWN_USER) : (data.user ?? ''),
  };
}

const DENIED = 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed';

/** A few words people make up when they want a pull to fail. */
const MADE_UP = /(^|[/_-])(no-?such|non-?exist|does-?not-?exist|not-?exist|not-?found|invalid-?image|fake-?image|missing-?image)/;
const IMPOSSIBLE_TAG =
  /^(no-?such.*|non-?exist.*|does-?not-?exist.*|not-?exist.*|not-?found|invalid.*|wrong.*|nope|lates|latets|lastest|typo|broken|bad.*|fake.*|missing.*)$/;

/**
 * A digest that nobody's image has: it was typed, not computed. Which digests exist cannot be known here, so every other one is
 * taken for a version of its image.
 */
function isMadeUp(digest: string): boolean {
  const hash = digest.slice(digest.indexOf(':') + 1);
  const isRunning = [...'0123456789abcdef'].some((_, i) => hash.includes('0123456789abcdef0123456789abcdef'.slice(i, i + 7)));
  return new Set(hash).size < 10 || /(.)\1{6}|^(.{1,32}?)\2+$|dead-?beef|cafe-?babe/.test(hash) || isRunning;
}

/** Official images that the catalogue does not describe still have only tags that look like versions. */
const isOfficialTypo = (reference: Reference): boolean =>
  reference.domain === 'docker.io' &&
  reference.path.startsWith('library/') &&
  reference.digest === undefined &&
  !/^(latest|stable|edge|lts|alpine|slim|\d.*|[a-z]+-?\d.*|[a-z]+)$/.test(reference.tag);

function unknownSize(reference: Reference): number {
  return Math.round((20 + 180 * spreadOf(`size/${reference.repository}`)) * 1_000_000) + Math.round(999_999 * spreadOf(`size/${reference.normalized}`));
}

/** RFC 2606 and 6761 names never resolve; neither does a host without a dot. */
const hostExists = (host: string): boolean =>
  host.includes('.') && !/\.(invalid|test|example|localhost|local|host)$/.test(host) && !/(^|\.)(no-?such|nonexist|invalid\.)/.test(host);

const isPrivate = (host: string, path: string): boolean =>
  isPrivateProject(host, path) ||
  (!isOpenProject(host, path) &&
    /\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$|\.azurecr\.io$|^registry\.gitlab\.com$|-docker\.pkg\.dev$|\.jfrog\.io$|^registry\.redhat\.io$|^(private|my-?private|internal)[.-]/.test(
      host,
    ) &&
    !/^(registry\.)?k8s\.gcr\.io$/.test(host));
/** Projects that anybody may pull from, of registries whose projects mostly are their owners' own. */
const isOpenProject = (host: string, path: string): boolean =>
  (/-docker\.pkg\.dev$/.test(host) && /^(google-samples|online-boutique-ci|cloudrun|google-containers|k8s-artifacts-prod|spinnaker-community)\//.test(path)) ||
  (host === 'registry.gitlab.com' && path.startsWith('gitlab-org/'));
/** A project of a registry that is open otherwise: what Kubernetes' tests ask for without a secret. */
const isPrivateProject = (host: string, path: string): boolean => host === 'gcr.io' && path.startsWith('authenticated-image-pulling/');

/** What each kind of private registry answers to a stranger. */
function unauthorized(host: string, path: string): string {
  if (isPrivateProject(host, path))
    return `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://${host}/v2/token?scope=${encodeURIComponent(`repository:${path}:pull`)}&service=${host}: 403 Forbidden`;
  if (/amazonaws\.com$/.test(host))
    return 'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials';
  return `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://${host}/oauth2/token: 401 Unauthorized`;
}

const registryHost = (reference: Reference): string => (reference.domain === 'docker.io' ? 'registry-1.docker.io' : reference.domain);
const manifestUrl = (reference: Reference): string => `https://${registryHost(reference)}/v2/${reference.path}/manifests/${reference.digest ?? reference.tag}`;

/** An address that looks like the registry's, the same every time. */
function registryAddress(reference: Reference): string {
  const n = Math.floor(spreadOf(`address/${registryHost(reference)}`) * 65_536);
  return `${44 + (n % 11)}.${n >> 8}.${n & 255}.${10 + (n % 200)}:443`;
}
