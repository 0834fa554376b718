// Addresses of the server, which is wherever the page came from.

export const base = new URL('.', document.baseURI).href.replace(/\/$/, '');

const inCollection = (c: string): string => `${base}/v1/collections/${encodeURIComponent(c)}`;

export const collectionsUrl = `${base}/v1/collections`;
export const eventsUrl = `${base}/v1/jobs/events`;

export function searchUrl(c: string): string {
  return `${inCollection(c)}/search`;
}

export function thumbnailUrl(c: string, id: number, size: 64 | 256 | 512 | 1024 = 256): string {
  return `${inCollection(c)}/items/${id}/thumbnail?size=${size}`;
}

/// Pictures of a tile for screens of usual and of twice the density, for `srcset`.
export function thumbnailSet(c: string, id: number): string {
  return `${thumbnailUrl(c, id)} 1x, ${thumbnailUrl(c, id, 512)} 2x`;
}

export function columnUrl(c: string, m: string, column: string): string {
  return `${inCollection(c)}/maps/${encodeURIComponent(m)}/columns/${column}`;
}

export function imageUrl(c: string, id: number): string {
  return `${inCollection(c)}/items/${id}/image`;
}
