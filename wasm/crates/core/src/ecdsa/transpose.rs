//! Transposition of 128×128 bits by swapping ever smaller quadrants, all words of a level at once (Hacker's Delight
//! section 7-3). No index depends on data.

/// Bit c of word r becomes bit r of word c.
pub fn transpose(matrix: &mut [u128; 128]) {
    let mut distance = 64;
    // Bits whose position has no 64, then none with a 32, and so on.
    let mut mask = u128::MAX >> 64;
    while distance > 0 {
        for chunk in matrix.chunks_exact_mut(2 * distance) {
            let (upper, lower) = chunk.split_at_mut(distance);
            for (above, below) in upper.iter_mut().zip(lower) {
                let swapped = ((*above >> distance) ^ *below) & mask;
                *below ^= swapped;
                *above ^= swapped << distance;
            }
        }
        distance /= 2;
        mask ^= mask << distance;
    }
}
