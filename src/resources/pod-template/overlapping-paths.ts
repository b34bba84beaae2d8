/** Files of one volume that would hide one another: pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths. */
import { goQuote } from '../../api/field.js';
import type { Volume } from './types.js';

/** A path, and where it comes from: '' if that is plain. */
interface Place {
  readonly path: string;
  readonly source: string;
}

type Items = readonly { readonly path: string }[] | undefined;

export function overlappingPaths({ name, configMap, secret, downwardAPI, projected }: Volume): readonly string[] {
  const volume = `volume ${goQuote(name)}`;
  const said = (what: string, overlaps: readonly string[]): readonly string[] => overlaps.map((text) => `${volume} (${what}): overlapping paths: ${text}`);
  return [
    ...said(`ConfigMap ${goQuote(configMap?.name ?? '')}`, overlapsIn(places(configMap?.items))),
    ...said(`Secret ${goQuote(secret?.secretName ?? '')}`, overlapsIn(places(secret?.items))),
    ...said('DownwardAPI', overlapsIn(places(downwardAPI?.items))),
    ...(projected?.sources ?? []).filter((source) => Object.keys(source ?? {}).length === 0).map(() => `${volume} (Projected) has no sources provided`),
    ...said('Projected', overlapsIn(projectedPlaces(projected?.sources ?? []))),
  ];
}

type Source = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

/** A source that names no paths counts with those of the one before it: a slip of upstream. */
function projectedPlaces(sources: readonly Source[]): readonly Place[] {
  let last: readonly Place[] = [];
  return sources.flatMap((source) => {
    if (Object.keys(source ?? {}).length === 0) return [];
    last = placesOf(source) ?? last;
    return last;
  });
}

function placesOf({ configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle }: Source): readonly Place[] | undefined {
  if (configMap?.items) return places(configMap.items, `ConfigMap ${goQuote(configMap.name ?? '')}`);
  if (secret?.items) return places(secret.items, `Secret ${goQuote(secret.name ?? '')}`);
  if (downwardAPI?.items) return places(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return places([serviceAccountToken], 'ServiceAccountToken');
  if (clusterTrustBundle) return places([clusterTrustBundle], `ClusterTrustBundle ${goQuote(clusterTrustBundle.name ?? clusterTrustBundle.signerName ?? '')}`);
  return undefined;
}

const places = (items: Items, source = ''): readonly Place[] => (items ?? []).map(({ path }) => ({ path: (path ?? '').replace(/\/+$/, ''), source }));

const shown = ({ path, source }: Place): string => (source === '' ? goQuote(path) : `${goQuote(path)} (${source})`);

function overlapsIn(all: readonly Place[]): readonly string[] {
  return all.flatMap((place, i) =>
    all
      .slice(0, i)
      .filter(({ path }) => path !== '' && place.path !== '' && (`${path}/`.startsWith(`${place.path}/`) || `${place.path}/`.startsWith(`${path}/`)))
      .map((other) => `${shown(place)} with ${shown(other)}`),
  );
}
