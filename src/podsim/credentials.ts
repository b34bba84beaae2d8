/** What a served cluster proves itself and its administrator by: made once and kept beside the state, so that a restarted server is trusted again. */
import { createHash, randomFillSync } from 'node:crypto';
import { ADMINISTRATOR } from '../apiserver/authorization/user.js';
import { type Certified, certify } from '../apiserver/http/certificates.js';
import type { Files } from '../kubectl/files.js';

export interface Credentials {
  readonly ca: Certified;
  /** The administrator's. */
  readonly client: Certified;
  readonly token: string;
}

const CA_NAME = 'kubernetes';
const YEAR = 365 * 24 * 3600 * 1000;

/** Beside the state file; mode 0600. */
const credentialsFile = (state: string): string => `${state.replace(/\.json$/, '')}.credentials`;

export async function loadCredentials(files: Files, state: string): Promise<Credentials | undefined> {
  const path = credentialsFile(state);
  if ((await files.kind(path)) === undefined) return undefined;
  try {
    const found = JSON.parse(await files.read(path)) as Partial<Credentials>;
    return found.ca !== undefined && found.client !== undefined && found.token !== undefined ? (found as Credentials) : undefined;
  } catch {
    return undefined;
  }
}

/** The kept ones, or new ones, which are then kept. `now`: the machine's clock. */
export async function ensureCredentials(files: Files, state: string, now: number): Promise<Credentials> {
  const known = await loadCredentials(files, state);
  if (known !== undefined) return known;
  const ca = certify({ commonName: CA_NAME, isCa: true, ...validity(now), serial: serial() });
  const client = certify(
    { commonName: ADMINISTRATOR.name, organizations: ['kubeadm:cluster-admins'], usage: 'client', ...validity(now), serial: serial() },
    { ...ca, commonName: CA_NAME },
  );
  const made = { ca, client, token: createHash('sha256').update(random(32)).digest('hex') };
  await files.write(credentialsFile(state), `${JSON.stringify(made)}\n`, 0o600);
  return made;
}

/** For one run of the server at this address. */
export function serverCertificate({ ca }: Credentials, host: string, now: number): Certified {
  const isAddress = /^[\d.]+$|:/.test(host);
  const anywhere = host === '0.0.0.0' || host === '::';
  return certify(
    {
      commonName: 'kube-apiserver',
      dnsNames: [
        'localhost',
        'kubernetes',
        'kubernetes.default',
        'kubernetes.default.svc',
        'kubernetes.default.svc.cluster.local',
        ...(isAddress ? [] : [host]),
      ],
      ipAddresses: [...new Set(['127.0.0.1', '::1', '10.96.0.1', ...(isAddress && !anywhere ? [host] : [])])],
      usage: 'server',
      ...validity(now),
      serial: serial(),
    },
    { ...ca, commonName: CA_NAME },
  );
}

/** An hour back: clocks differ. */
const validity = (now: number) => ({ notBefore: now - 3_600_000, notAfter: now + 10 * YEAR });
const random = (bytes: number): Uint8Array => randomFillSync(new Uint8Array(bytes));
const serial = (): Uint8Array => random(8);
