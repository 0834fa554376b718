// The tour: the text of each step, and the element (by data-tour) it points at.

export interface Step {
  anchor: string;
  title: string;
  text: string;
}

export const steps: Step[] = [
  { anchor: 'search-box', title: 'Ask with a picture', text: 'Drop one anywhere, paste it, choose a file, use the camera, or type an address. It goes to your own server only. Press / to come here.' },
  { anchor: 'random', title: 'Or take any', text: 'Random asks about a picture of the collection. A click on any picture does the same.' },
  { anchor: 'filters', title: 'Only some pictures', text: 'Filters narrow every search: by label, path, size and date.' },
  { anchor: 'results', title: 'Similar pictures', text: 'The nearest first. The dashed relevance line tells where unrelated pictures begin. + and − on a picture: more, or less, like this.' },
  { anchor: 'space', title: 'Another way of seeing', text: 'Each space looks with another encoder or layer. Compare shows several beside each other.' },
  { anchor: 'pages', title: 'More to see', text: 'The map of all pictures, comparisons, encoders, and your collections. ? lists the keys; Help explains every word.' },
];
