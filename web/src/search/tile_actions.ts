// The actions on a picture of a grid.
import type { Item, Result } from '../api/types';

export interface TileActions {
  ask: (item: Item) => void;
  look: (item: Item) => void;
  mark: (item: Item, wanted: boolean) => void;
  unfold: (result: Result) => void;
  /// Whether it is an example, and which kind.
  marked: (item: Item) => boolean | undefined;
  isUnfolded: (result: Result) => boolean;
}
