// Own pictures on the disk of this browser, so that a reload or the back button finds them again.
// Where the browser forbids storage nothing is kept, and nothing fails.

const database = 'alike';
const store = 'own-pictures';
const most = 30;

export interface Shelved {
  blob: Blob;
  name: string;
}

export async function shelve(own: string, picture: Shelved): Promise<void> {
  try {
    const pictures = (await opened()).transaction(store, 'readwrite').objectStore(store);
    pictures.put(picture, own);
    const keys = await done(pictures.getAllKeys());
    // Keys begin with the time, so the first ones are the oldest.
    for (const old of keys.slice(0, Math.max(0, keys.length - most))) pictures.delete(old);
  } catch {
    // see above
  }
}

export async function unshelve(own: string): Promise<Shelved | undefined> {
  try {
    return await done((await opened()).transaction(store).objectStore(store).get(own));
  } catch {
    return undefined;
  }
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store);
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no storage'));
  });
}
