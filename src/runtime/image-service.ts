/** The node's image store and pulls. */
import type { Image, ImageService } from '../api/cri.js';
import type { StateMap } from '../api/reconciler.js';
import type { Time } from '../api/time.js';
import type { Catalogue, ImageData } from './image.js';
import { parseReference, type Reference } from './reference.js';
import { pullFrom, type RegistryFault } from './registry.js';
import { keys, type StoredImage } from './state.js';

export interface ImageServiceOptions {
  readonly node: string;
  readonly state: StateMap;
  now(): Time;
  readonly catalogue: Catalogue;
  fault?(repository: string, host: string): RegistryFault | undefined;
}

export interface Images {
  readonly service: ImageService;
  parse(reference: string): ReturnType<typeof parseReference>;
}

export function createImageService({ node, state, now, catalogue, fault }: ImageServiceOptions): Images {
  // References are few and looked at often.
  const references = new Map<string, ReturnType<typeof parseReference>>();
  const parse: Images['parse'] = (text) => {
    const known = references.get(text);
    if (known !== undefined) return known;
    const parsed = parseReference(text);
    references.set(text, parsed);
    return parsed;
  };
  /** By reference, and what the catalogue says of it now. */
  const made = new Map<string, { readonly data: ImageData | undefined; readonly image: Image }>();
  const imageOf = (reference: Reference, data: ImageData | undefined, make: () => Image): Image => {
    const known = made.get(reference.normalized);
    if (known !== undefined && known.data === data) return known.image;
    const image = make();
    made.set(reference.normalized, { data, image });
    return image;
  };
  const images = keys.images(node);
  const stored = (): Record<string, StoredImage> => state.get<Record<string, StoredImage>>(images) ?? {};

  function imageStatus(reference: string): Image | undefined {
    const parsed = parse(reference);
    if ('error' in parsed) return undefined;
    const all = stored();
    const exact = all[parsed.normalized];
    if (exact !== undefined || parsed.digest === undefined) return exact;
    const digest = `${parsed.repository}@${parsed.digest}`;
    return Object.values(all).find((one) => one.repoDigest === digest);
  }

  const service: ImageService = {
    parseImage(reference) {
      const parsed = parse(reference);
      return 'error' in parsed ? parsed : { normalized: parsed.normalized };
    },
    pull(reference, auth) {
      const parsed = parse(reference);
      if ('error' in parsed) return { error: parsed.error, takes: 0 as never };
      return pullFrom(parsed, {
        data: catalogue.image(parsed.familiar, parsed.tag),
        hasTag: catalogue.hasTag(parsed.familiar, parsed),
        present: imageStatus(reference) !== undefined,
        auth,
        fault: fault?.(parsed.familiar, parsed.domain),
        salt: `${node}/${now()}`,
        imageOf,
      });
    },
    store(pulled) {
      const all = stored();
      const name = pulled.repoTags[0] ?? pulled.repoDigest;
      if (all[name]?.id === pulled.id) return;
      all[name] = { id: pulled.id, repoDigest: pulled.repoDigest, repoTags: [...pulled.repoTags], size: pulled.size, user: pulled.user };
      state.set(images, all);
    },
    imageStatus,
    listImages: () => Object.values(stored()),
    removeImage(reference) {
      const parsed = parse(reference);
      if ('error' in parsed) return;
      const all = stored();
      delete all[parsed.normalized];
      state.set(images, all);
    },
  };
  return { service, parse };
}
