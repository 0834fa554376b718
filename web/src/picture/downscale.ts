// Makes an own picture small enough to send: at most 1,024 pixels on the longer side, upright.

export const longest = 1024;
export const largestBytes = 16 * 1024 * 1024;

/// The size that fits; never larger than the picture is, never 0.
export function fitted(width: number, height: number, side = longest): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/// The bytes sent for this file: a picture that is small already goes as it is, so that nothing is lost.
export async function prepared(file: Blob): Promise<Blob> {
  if (file.size === 0) throw new Error('The file is empty.');
  const bitmap = await decoded(file);
  const size = fitted(bitmap.width, bitmap.height);
  const asItIs = size.width === bitmap.width && file.size <= largestBytes / 8 && /image\/(jpeg|png|webp)/.test(file.type);
  if (asItIs) {
    bitmap.close();
    return file;
  }
  return drawn(bitmap, size);
}

async function decoded(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new Error('This is no picture that the browser can read. JPEG, PNG and WebP always work.');
  }
}

async function drawn(bitmap: ImageBitmap, { width, height }: { width: number; height: number }): Promise<Blob> {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser could not draw the picture.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', 0.92));
  if (!blob) throw new Error('The browser could not make a smaller picture.');
  return blob;
}
