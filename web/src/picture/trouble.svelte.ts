// Why the last own picture could not be taken; shown at the search box.
class Trouble {
  text = $state('');
}

export const trouble = new Trouble();
