// Stands for the entry of the script-tag build, by its name, and defines nothing.
export {};
