package dev.headrace.demo;

import java.util.List;

/// What the shop sells.
///
/// @param name as it stands in the events
/// @param cents the list price
/// @param popularity how often it is clicked, relative to the others
record Product(String name, int cents, int popularity) {

    /// The catalogue; a product's place in it stands for it in the ledger.
    static final List<Product> ALL = List.of(
            new Product("kettle", 3_499, 30),
            new Product("teapot", 2_795, 22),
            new Product("mug", 895, 18),
            new Product("toaster", 4_950, 14),
            new Product("blender", 6_999, 11),
            new Product("grinder", 5_425, 9),
            new Product("scale", 1_999, 7),
            new Product("whisk", 649, 5),
            new Product("pan", 3_850, 4),
            new Product("sieve", 1_275, 3),
            new Product("ladle", 775, 2),
            new Product("samovar", 18_900, 1));

    private static final int POPULARITY =
            ALL.stream().mapToInt(Product::popularity).sum();

    /// The place in the catalogue of a product drawn by popularity.
    ///
    /// @param random any number
    static int drawn(long random) {
        int left = (int) Long.remainderUnsigned(random, POPULARITY);
        int place = 0;
        while (left >= ALL.get(place).popularity) {
            left -= ALL.get(place).popularity;
            place++;
        }
        return place;
    }
}
