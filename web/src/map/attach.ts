// Joins a map to the elements of the page: it draws on them, and handles their events.
import { listen } from './gestures';
import { Interaction, type Outcome } from './interaction';
import { Stage } from './stage';
import { watchTheme } from './theme';

export interface Elements {
  /** As large as the map. */
  frame: HTMLElement;
  points: HTMLCanvasElement;
  /** Lies above the points. */
  marks: HTMLCanvasElement;
}

export interface Joined {
  stage: Stage;
  interaction: Interaction;
  detach: () => void;
}

/**
 * `load` gets the picture of an id; `onrest`: the view came to rest; `ontheme`: the theme may be
 * another one. Throws where nothing can be drawn.
 */
export function attach(
  { frame, points, marks }: Elements,
  load: (id: number) => Promise<ImageBitmap>,
  outcome: Outcome,
  onrest: () => void,
  ontheme: () => void,
): Joined {
  const stage = new Stage(points, marks, load, onrest);
  const interaction = new Interaction(stage, outcome);
  const stopListening = listen(points, interaction, () => interaction.lassoing);
  const stopWatching = watchTheme(ontheme);
  const sizes = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const { width, height } = entry.contentRect;
    stage.setSize({ width, height }, devicePixelRatio);
  });
  sizes.observe(frame);
  const detach = (): void => {
    sizes.disconnect();
    stopWatching();
    stopListening();
    stage.dispose();
  };
  return { stage, interaction, detach };
}
