/** Nodes that have the images already: pkg/scheduler/framework/plugins/imagelocality. */
import { MAX_SCORE, type ScorePlugin } from '../framework.js';

const MEGABYTE = 1024 * 1024;
const LEAST = 23 * MEGABYTE;
const MOST_PER_CONTAINER = 1000 * MEGABYTE;

export const imageLocality: ScorePlugin = {
  name: 'ImageLocality',
  weight: 1,
  score: ({ pod }, { nodes: all, traits }, nodes) => {
    const containers = pod.spec.initContainers === undefined ? pod.spec.containers : [...pod.spec.initContainers, ...pod.spec.containers];
    const images = containers.map(({ image = '' }) => normalizeImage(image));
    // An image counts the more, the more nodes have it: a pod shall not follow the only copy.
    const spread = images.map((image) => (traits.images.get(image) ?? 0) / all.length);
    if (spread.every((share) => share === 0)) return undefined;
    const most = MOST_PER_CONTAINER * containers.length;
    return nodes.map((node) => {
      const sum = images.reduce((total, image, i) => total + Math.trunc((node.images.get(image) ?? 0) * (spread[i] as number)), 0);
      return Math.trunc((MAX_SCORE * (Math.min(Math.max(sum, LEAST), most) - LEAST)) / (most - LEAST));
    });
  },
};

const normalizeImage = (image: string): string => (image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image);
