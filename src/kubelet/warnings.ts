/** What the kubelet complains of at every sync of a pod, though it goes on: as long as that is so, syncs come regularly. */
import { podDns } from './sandbox-config.js';
import { RESYNC, type Work } from './work.js';

/** getPullSecretsForPod, at every sync, whether it pulls or not. */
export function warnOfSecrets(work: Work): void {
  const { imagePullSecrets } = work.pod.spec;
  if (imagePullSecrets === undefined) return;
  const missing = imagePullSecrets
    .map((one) => one.name ?? '')
    .filter((name) => name !== '' && work.context.api.get('secrets', { namespace: work.key.namespace, name }) === undefined);
  if (missing.length === 0) return;
  work.event(
    'Warning',
    'FailedToRetrieveImagePullSecret',
    `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`,
  );
  work.record.syncAt = work.jittered(RESYNC);
}

/** Whenever the sandbox's configuration is made: at every sync, and for a new sandbox. */
export function warnOfDns(work: Work): void {
  if (work.pod.spec.dnsConfig === undefined) return;
  for (const message of podDns(work).excess) {
    work.event('Warning', 'DNSConfigForming', message);
    work.record.syncAt = work.jittered(RESYNC);
  }
}
