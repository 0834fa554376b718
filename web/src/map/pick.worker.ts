import { buildTree } from './picking';

self.onmessage = ({ data }: MessageEvent<Uint16Array>) => {
  const tree = buildTree(data).data as ArrayBuffer;
  self.postMessage(tree, { transfer: [tree] });
};
