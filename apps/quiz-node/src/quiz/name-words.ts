/** Words that a learner of English meets early, and that nobody minds being called by. 128 of each: fourteen bits choose a pair. */

/** At most 9 letters. */
export const ADJECTIVES: readonly string[] = (
  'Able Active Agile Alert Amber Ample Arctic Artful Autumn Awake Azure Bold Bouncy Brave Breezy Bright Brisk ' +
  'Bronze Busy Calm Careful Caring Cheerful Cheery Clever Coral Cosy Crimson Crisp Curious Dainty Dancing Daring ' +
  'Dashing Dreamy Eager Early Earnest Elegant Emerald Epic Fair Famous Fancy Festive Flying Free Fresh Friendly ' +
  'Funny Gentle Gifted Giving Glad Gleaming Glowing Golden Graceful Grand Grateful Handy Happy Hardy Hearty ' +
  'Helpful Honest Hopeful Humble Indigo Jade Jolly Joyful Jumping Keen Kind Laughing Lively Loyal Lucky Magic ' +
  'Mellow Merry Mighty Modest Musical Neat Nimble Noble Orange Patient Peaceful Playful Polite Proud Purple Quick ' +
  'Quiet Rapid Ready Royal Ruby Sharp Shiny Silver Simple Singing Sleepy Smart Smiling Smooth Snowy Spotted ' +
  'Spring Steady Striped Summer Sunny Super Swift Tidy Tiny Trusty Violet Warm Wise Witty Young Zesty'
).split(' ');

/** At most 8 letters. */
export const ANIMALS: readonly string[] = (
  'Alpaca Antelope Badger Bat Bear Bee Beetle Bison Bluebird Buffalo Bunny Camel Canary Cat Cheetah Chipmunk ' +
  'Condor Corgi Coyote Crab Crane Cricket Deer Dingo Dolphin Dove Dragon Duck Eagle Elk Emu Falcon Ferret Finch ' +
  'Firefly Flamingo Fox Frog Gazelle Gecko Gibbon Giraffe Goat Goldfish Goose Gull Hamster Hare Hawk Hedgehog ' +
  'Heron Horse Husky Ibis Iguana Impala Jaguar Jay Kangaroo Kestrel Kitten Kiwi Koala Ladybird Lark Lemur Leopard ' +
  'Lion Lizard Llama Lobster Lynx Macaw Magpie Marmot Meerkat Mole Mongoose Moose Mouse Narwhal Newt Octopus ' +
  'Okapi Orca Osprey Ostrich Otter Owl Panda Panther Parrot Peacock Pelican Penguin Pigeon Platypus Pony Puffin ' +
  'Puma Puppy Quail Rabbit Raccoon Raven Reindeer Robin Salmon Seahorse Seal Shark Sheep Sloth Sparrow Squid ' +
  'Squirrel Starfish Stork Swallow Swan Tiger Toucan Trout Turtle Wolf Wombat Yak Zebra'
).split(' ');
