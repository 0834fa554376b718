// The words and measures, each in a sentence or two. The only place where the app explains them.

export const terms = {
  'playground score':
    'Of the first 15 results, the query left out: the share that has the label of the query, where earlier ones weigh more (15, 14, … 1 of 120). Labels are the only notion of likeness here, so it is strict: a sedan is wrong for a beetle. Folded pictures count after the one they are folded into.',
  score: 'How alike two pictures are in a space; larger is more alike. Cosine similarity where the metric is cosine: 1 is the same picture.',
  distance: 'The number that the index compares; smaller is nearer, always. With the metric cosine it is 1 − score.',
  'relevance line':
    'Beyond this distance a neighbour is unrelated: pictures drawn at random lie as near. It is drawn for each query anew, from its distances to 256 pictures of the collection.',
  space: 'One way of turning pictures into numbers: an encoder, one of its layers, and a metric. Each space finds other pictures alike.',
  encoder: 'A network that turns a picture into a list of numbers, an embedding.',
  layer: 'A step of the encoder with an output that can serve as embedding. Early layers see colour and texture, late ones see things.',
  fold: 'Pictures that are nearly the same file or shot are shown as one tile with their number.',
  exact: 'Every row is read, so that nothing is missed. An index reads only some of them and is faster; how much it finds stands on the page Collections.',
  interval: 'Where the measure lies with 95 %, had other pictures of this kind been taken.',
  'map@r': 'Whether all pictures of a label come before all others, averaged over every picture as query. Tells most about search.',
  'recall@1': 'How often the nearest picture has the label of the query. Easy to satisfy, so it saturates first.',
  'knn@5': 'How often the vote of the five nearest pictures gives the right label.',
  'probe accuracy': 'How well a simple classifier that learns from four fifths of the pictures tells the labels of the rest. It finds structure in the numbers, even where distances do not show it.',
  nmi: 'How well groups found without labels agree with the labels; 1 is perfect.',
  rankme: 'How many directions the rows of a space really use. Compare at equal width only.',
  hubness: 'Whether a few pictures are among the nearest of very many. 0 is even, more is worse.',
  baseline: 'The score of the plain pixels. An encoder that is no better sees no meaning in these pictures.',
  'bytes a row': 'The cost of one picture on disk in this space.',
  cost: 'Multiplications and additions up to this layer, as a share of the whole encoder.',
} as const;

/// The help of a measure: the server's own words first.
export function helpOf(name: string, help = ''): string {
  return help || ((terms as Record<string, string>)[name] ?? 'docs/evaluate.md says how it is computed.');
}
