// Questions people ask, and short answers.

export const questions: { question: string; answer: string }[] = [
  { question: 'What does alike do?', answer: 'It turns every picture of a folder into a list of numbers with a network that was trained on many pictures, and finds the pictures with numbers near those of yours. So it finds pictures of the same meaning, not of the same file name.' },
  { question: 'Does anything leave my machine?', answer: 'Your pictures go to your own alike server and nowhere else. An address that you type is fetched by your browser, never by the server. Nothing is counted or reported.' },
  { question: 'How do I know whether a search is any good?', answer: 'For one search: the relevance line, the same-label marks and the search score. For the whole collection: Compare, which judges every space by every measure with your folders as labels.' },
  { question: 'Which encoder and layer should I take?', answer: 'Run a comparison and take the one that leads by map@r; where two are as good, the one with fewer bytes a row. Often a layer before the last is as good at a fraction of the size.' },
  { question: 'Why are there results that are not alike at all?', answer: 'A search always has nearest pictures, even where nothing is near. Those below the relevance line are as near as unrelated pictures are. Ask for fewer, or mark a bad result with − and a good one with +.' },
  { question: 'Only a part of the picture matters to me.', answer: 'Press Region and draw the box over it, by mouse, finger or keys. The answer follows.' },
  { question: 'Why did some pictures vanish into one tile?', answer: 'They are nearly the same. The number on the tile unfolds them; the box "Fold near-duplicates" turns this off.' },
  { question: 'May I search while a folder is being indexed?', answer: 'Yes. Indexed pictures are found; the rest follows.' },
  { question: 'Can I send someone a search?', answer: 'Yes, the address of the page is the search. Only pictures of your own are not part of it: they stay in your browser.' },
];
