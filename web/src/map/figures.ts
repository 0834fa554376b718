// The figures of a map (docs/map.md).

export interface Figure {
  key: string;
  title: string;
  help: string;
}

export const FIGURES: readonly Figure[] = [
  {
    key: 'neighbors_kept',
    title: 'Neighbours kept',
    help: 'Share of the nearest pictures that are among the nearest points too. One in three is usual: many numbers do not fit into two.',
  },
  {
    key: 'trustworthiness',
    title: 'Trustworthiness',
    help: 'Are the nearest points pictures that are alike? 1: all are, 0.5: chance. Above 0.9 near points can be trusted.',
  },
  {
    key: 'label_accuracy',
    title: 'Label accuracy in the space',
    help: 'Do the nearest pictures have the same label? This judges the encoder, before any map.',
  },
  {
    key: 'map_label_accuracy',
    title: 'Label accuracy on the map',
    help: 'The same among the points. Far below the one in the space, the map hides structure of the space.',
  },
];

/** A figure as it is written; there is none where too few points or labels are. */
export function written(value: number | null | undefined): string {
  return typeof value === 'number' ? value.toFixed(2) : '–';
}
